import type { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { changeEmail } from "../../services/account/change-email.ts";
import { changePhone } from "../../services/account/change-phone.ts";
import { verifyEmail } from "../../services/contacts/email/verify-email.ts";
import { confirmPhoneCode } from "../../services/contacts/phone/confirm-code.ts";
import { requestPhoneCode } from "../../services/contacts/phone/request-code.ts";
import { mount } from "./mount.ts";

/** REST endpoints for phone numbers and e-mail addresses. */
export const contacts = (deps: Deps): Router => mount(deps, { requestPhoneCode, confirmPhoneCode, changePhone, changeEmail, verifyEmail });
