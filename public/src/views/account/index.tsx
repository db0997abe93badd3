import "../../styles/account.css";
import type { AccountPage } from "../../state/route.ts";
import { ResetPassword } from "./reset-password.tsx";
import { SignIn } from "./sign-in.tsx";
import { SignUp } from "./sign-up.tsx";
import { VerifyEmail } from "./verify-email.tsx";

const pages = { signup: SignUp, signin: SignIn, "reset-password": ResetPassword, "verify-email": VerifyEmail } as const;

/** The pages of coming in. */
export function AccountView({ page }: { page: AccountPage }) {
  const Page = pages[page];
  return <Page />;
}
