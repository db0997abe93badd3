import type { ApiError } from "../../api.ts";

export const formFields = ["username", "password", "displayName", "email", "phone", "birthDate", "bio", "pronouns"] as const;
export type FormField = (typeof formFields)[number];

const fieldOfCode: Partial<Record<ApiError["code"], FormField>> = {
  password_weak: "password",
  email_not_allowed: "email",
  email_taken: "email",
  phone_required: "phone",
  phone_not_allowed: "phone",
  phone_taken: "phone",
  phone_proof_invalid: "phone",
  under_age: "birthDate",
};

const sameField: Record<string, FormField> = { phoneProof: "phone", newPassword: "password" };

/** Returns the field that an error is about, or null if it is about the whole form. */
export function fieldOf(refusal: ApiError): FormField | null {
  const known = fieldOfCode[refusal.code];
  if (known) return known;
  const path = String(refusal.detail("field") ?? refusal.problem.errors?.[0]?.path ?? "");
  return sameField[path] ?? formFields.find((field) => field === path) ?? null;
}
