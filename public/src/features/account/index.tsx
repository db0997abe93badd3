import "../../styles/features/account.css";
import type { AccountPage } from "../../shared/state/route.ts";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { sessionPhase } from "../session/session.ts";
import { ResetPassword } from "./reset-password.tsx";
import { SignIn } from "./sign-in.tsx";
import { SignUp } from "./sign-up.tsx";
import { VerifyEmail } from "./verify-email.tsx";

const pages = { signup: SignUp, signin: SignIn, "reset-password": ResetPassword, "verify-email": VerifyEmail } as const;

/** The pages of coming in. */
export function AccountView({ page }: { page: AccountPage }) {
  const Page = pages[page];
  // Who one is decides what is asked: a form that changed under the fingers would lose what they typed.
  return sessionPhase.value === "unknown" ? <Skeleton lines={6} /> : <Page />;
}
