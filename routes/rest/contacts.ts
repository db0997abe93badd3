import { Router } from "express";
import { csrfProven } from "../../middleware/csrf.ts";
import type { Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
import { changeEmail } from "../../services/account/change-email.ts";
import { changePhone } from "../../services/account/change-phone.ts";
import { verifyEmail } from "../../services/contacts/email/verify-email.ts";
import { confirmPhoneCode } from "../../services/contacts/phone/confirm-code.ts";
import { requestPhoneCode } from "../../services/contacts/phone/request-code.ts";
import { operations } from "../../utils/contract/operations/index.ts";

/** The doors to phone numbers and e-mail addresses. */
export function contacts(deps: Deps): Router {
  const router = Router();
  const { requestPhoneCode: request, confirmPhoneCode: confirm } = operations;
  router.post(request.path, csrfProven, endpoint(deps, request, { run: requestPhoneCode }));
  router.post(confirm.path, csrfProven, endpoint(deps, confirm, { run: confirmPhoneCode }));
  router.post(operations.changePhone.path, endpoint(deps, operations.changePhone, { run: changePhone }));
  router.post(operations.changeEmail.path, endpoint(deps, operations.changeEmail, { run: changeEmail }));
  router.post(operations.verifyEmail.path, csrfProven, endpoint(deps, operations.verifyEmail, { run: verifyEmail }));
  return router;
}
