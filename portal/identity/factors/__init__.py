"""Second factors: codes from an app, passkeys, recovery codes, and the step that asks for one."""
