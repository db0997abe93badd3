import "../../styles/features/account.css";
import type { AccountPage } from "../../shared/state/route.ts";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { sessionPhase } from "../session/session.ts";
import { ResetPassword } from "./reset-password.tsx";
import { SignIn } from "./sign-in.tsx";
import { SignUp } from "./sign-up.tsx";
import { VerifyEmail } from "./verify-email.tsx";

const pages = { signup: SignUp, signin: SignIn, "reset-password": ResetPassword, "verify-email": VerifyEmail } as const;

/** Renders the sign-in, sign-up and recovery pages. */
export function AccountView({ page }: { page: AccountPage }) {
  const Page = pages[page];
  // The form depends on the session: a form that changed while the user was typing would lose their input.
  return sessionPhase.value === "unknown" ? <Skeleton lines={6} /> : <Page />;
}
