import { downloadExportPath } from "../../../utils/contract/schemas/privacy.ts";
import { isSameSecret, keyedHash } from "../../../utils/crypto.ts";
import type { Services } from "../../context.ts";

type Link = { readonly exportId: string; readonly expires: string };

const signatureOf = ({ keys }: Pick<Services, "keys">, { exportId, expires }: Link): string =>
  keyedHash(keys.links, `export:${exportId}:${expires}`);

/** Returns the signed download path of an export on this site, valid until it expires for anyone who has the link. */
export function linkTo(services: Pick<Services, "keys">, exportId: string, expiresAt: Date): string {
  const expires = String(expiresAt.getTime());
  const query = new URLSearchParams({ expires, signature: signatureOf(services, { exportId, expires }) });
  return `${downloadExportPath.replace(":exportId", exportId)}?${query.toString()}`;
}

/** Whether a link is signed by this server, unchanged and not expired. */
export function isValidLink(services: Pick<Services, "keys" | "now">, { signature, ...link }: Link & { signature: string }): boolean {
  const isSame = isSameSecret(signature, signatureOf(services, link));
  return isSame && Number(link.expires) > services.now().getTime();
}
