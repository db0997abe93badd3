import { Eye, EyeOff } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { countedOf, ta } from "../../locales/account/index.ts";
import { Field, type FieldProps } from "../../shared/ui/form.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { isCommonPassword, loadCommonPasswords } from "./common-passwords.ts";
import { missingOf, type Strength, strengthOf } from "./password-strength.ts";

const words = {
  long: "weakLong",
  common: "weakCommon",
  name: "weakName",
  weak: "strengthWeak",
  fair: "strengthFair",
  good: "strengthGood",
  strong: "strengthStrong",
} as const;
const steps: Record<Strength, number> = { short: 0, unknown: 0, long: 1, common: 1, name: 1, weak: 1, fair: 2, good: 3, strong: 4 };

function wordsFor(level: Strength, password: string): string {
  if (level === "short") return countedOf("charactersMissing", missingOf(password));
  return level === "unknown" ? "" : ta(words[level]);
}

/** Shows the password strength or why the password would be rejected: four bars, and a text that screen readers announce. */
function StrengthLine({ password, username }: { password: string; username: string }) {
  const isTyped = password !== "";
  useEffect(() => {
    if (isTyped) loadCommonPasswords();
  }, [password]);
  const level = strengthOf(password, username, isCommonPassword.value);
  return (
    <p class={`strength strength-${level}`} aria-live={level === "short" ? "off" : "polite"}>
      <span class="strength-bars" aria-hidden="true">
        {[1, 2, 3, 4].map((step) => (
          <i key={step} class={step <= steps[level] ? "strength-full" : ""} />
        ))}
      </span>
      {isTyped && <span class="strength-word">{wordsFor(level, password)}</span>}
    </p>
  );
}

type PasswordProps = Omit<FieldProps, "type" | "inside" | "children"> & { username?: string };

/** Renders a password field with a show/hide button. For a new password it also shows the strength. */
export function PasswordField({ username = "", ...props }: PasswordProps) {
  const [isShown, setShown] = useState(false);
  const isNew = props.autocomplete === "new-password";
  const label = isShown ? ta("hidePassword") : ta("showPassword");
  return (
    <Field
      {...props}
      type={isShown ? "text" : "password"}
      dir="ltr"
      autocapitalize="none"
      spellcheck={false}
      inside={
        <button type="button" class="icon-button form-eye" aria-label={label} title={label} onClick={() => setShown(!isShown)}>
          <Icon icon={isShown ? EyeOff : Eye} size={18} />
        </button>
      }
    >
      {isNew && <StrengthLine password={props.value} username={username} />}
    </Field>
  );
}
