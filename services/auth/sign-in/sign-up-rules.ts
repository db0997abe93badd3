import type { SignUpRulesDto } from "../../../utils/contract/schemas/accounts.ts";
import type { OpenCtx } from "../../context.ts";

/** Returns what a sign-up requires on this installation, so that the form has exactly these fields. */
export const signUpRulesOf = ({ rules, sms, mail }: OpenCtx<"rules" | "sms" | "mail">): SignUpRulesDto => ({
  // Without an SMS provider a required number means that the operator wants no sign-ups at all, so `required` is kept.
  phone: sms === null && rules.signUpPhone === "optional" ? "off" : rules.signUpPhone,
  minAge: rules.minAge,
  canMail: mail !== null,
});
