import type { SignUpRulesDto } from "../../../utils/contract/schemas/accounts.ts";
import type { OpenCtx } from "../../context.ts";

/** What an account needs here, so that a page asks for that and for nothing else. */
export const signUpRulesOf = ({ rules, sms, mail }: OpenCtx): SignUpRulesDto => ({
  // Where nothing sends texts, a number can be asked for only by an operator who means to open no account at all.
  phone: sms === null && rules.signUpPhone === "optional" ? "off" : rules.signUpPhone,
  minAge: rules.minAge,
  canMail: mail !== null,
});
