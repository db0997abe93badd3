import { readFileSync } from "node:fs";

/** The account that steps run under: the current one, or `nobody` if the current one is root, because a server must not be root. */
export type Account = { readonly uid: number; readonly gid: number } | Record<string, never>;

/**
 * Returns the account of an ordinary user, as options of `spawn`.
 * @throws Error when this process is root and there is no account `nobody`
 */
export function ordinaryUser(): Account {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("nobody:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid === undefined || gid === undefined) throw new Error("There is no account 'nobody' to run the image's steps under.");
  return { uid: Number(uid), gid: Number(gid) };
}
