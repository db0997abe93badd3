import { Contacts } from "../contacts.tsx";
import { History } from "./history.tsx";
import { Passkeys } from "./passkeys.tsx";
import { Password } from "./password.tsx";
import { TwoFactor } from "./two-factor.tsx";

/** Renders the security settings. */
export const Security = () => (
  <>
    <Password />
    <Contacts />
    <TwoFactor />
    <Passkeys />
    <History />
  </>
);
