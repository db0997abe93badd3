import type { Request, Response } from "express";
import type { Deps } from "../../middleware/deps.ts";
import type { SignedIn } from "../../services/auth/sessions/present.ts";
import { DAY_MS } from "../../utils/clock.ts";
import { operations } from "../../utils/contract/operations/index.ts";
import type { SessionDto } from "../../utils/contract/schemas/auth.ts";

const COOKIE = "refresh_token";

/** Not accessible to scripts and other sites, and only sent to the `/api/auth` endpoints. */
const cookieOptions = ({ config }: Deps) =>
  ({ httpOnly: true, sameSite: "strict", secure: config.mode === "production", path: "/api/auth" }) as const;

const cookieOf = (req: Request, name: string): string | undefined => {
  const value: unknown = req.cookies[name];
  return typeof value === "string" ? value : undefined;
};

export const refreshTokenOf = (req: Request): string | undefined => cookieOf(req, COOKIE);

/** This cookie lets an account recognize a device that has signed in to it before. */
const DEVICE_COOKIE = "known_device";
const DEVICE_MS = 400 * DAY_MS;

export const knownDeviceOf = (req: Request): string | undefined => cookieOf(req, DEVICE_COOKIE);

/** Sends a session: the refresh token as a cookie that expires with it, the rest as the body. */
export const sendSession =
  (deps: Deps) =>
  ({ session, refreshToken, knownDevice }: SignedIn, _req: Request, res: Response): SessionDto => {
    res.cookie(COOKIE, refreshToken, { ...cookieOptions(deps), expires: new Date(session.sessionExpiresAt) });
    if (knownDevice !== undefined) res.cookie(DEVICE_COOKIE, knownDevice, { ...cookieOptions(deps), maxAge: DEVICE_MS });
    return session;
  };

/** Does the same for a new user, and sets `Location` to their own profile. */
export const sendNewSession =
  (deps: Deps) =>
  (signedIn: SignedIn, req: Request, res: Response): SessionDto => {
    res.location(operations.getMe.path);
    return sendSession(deps)(signedIn, req, res);
  };

/** Clears the refresh token cookie; the device stays known. */
export const clearSession =
  (deps: Deps) =>
  (_result: unknown, _req: Request, res: Response): void =>
    void res.clearCookie(COOKIE, cookieOptions(deps));
