import { Contacts } from "../contacts.tsx";
import { History } from "./history.tsx";
import { Passkeys } from "./passkeys.tsx";
import { Password } from "./password.tsx";
import { TwoFactor } from "./two-factor.tsx";

/** What keeps one's account one's own. */
export const Security = () => (
  <>
    <Password />
    <Contacts />
    <TwoFactor />
    <Passkeys />
    <History />
  </>
);
