// Passkeys: shows the forms that use one where the browser can, asks it, and sends its answer.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const toDescriptors = (list = []) => list.map((one) => ({ ...one, id: toBytes(one.id) }));

const read = (options) => ({
  ...options,
  challenge: toBytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: toBytes(options.user.id) } }),
  ...(options.excludeCredentials && { excludeCredentials: toDescriptors(options.excludeCredentials) }),
  ...(options.allowCredentials && { allowCredentials: toDescriptors(options.allowCredentials) }),
});

const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
const written = ({ id, rawId, type, response }) => JSON.stringify({
  id,
  rawId: toText(rawId),
  type,
  response: Object.fromEntries(PARTS.filter((part) => response[part]).map((part) => [part, toText(response[part])])),
});

const said = {
  NotAllowedError: "No passkey was used. Try again, or choose another way.",
  InvalidStateError: "This device holds a passkey for you already. Use that one, or another device.",
};

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    const problem = form.querySelector('[role="alert"]');
    event.preventDefault();
    problem.textContent = "";
    try {
      const publicKey = read(JSON.parse(form.dataset.options));
      const answer = await navigator.credentials[form.dataset.passkey]({ publicKey });
      form.elements.credential.value = written(answer);
      form.submit();
    } catch (error) {
      problem.textContent = said[error.name] ?? "This browser could not use a passkey here. Choose another way.";
    }
  });
}
