import type { EmptyInput } from "../../../../utils/contract/schemas/auth.ts";
import type { PasskeyDto } from "../../../../utils/contract/schemas/factors.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import type { Ctx } from "../../../context.ts";
import { memberOnly } from "../recent-auth.ts";
import { presentPasskey } from "./present.ts";

/** Returns the caller's own passkeys, newest first. @throws AppError `account_required` */
export async function listPasskeys(ctx: Ctx<"db">, _input: EmptyInput): Promise<Page<PasskeyDto>> {
  memberOnly(ctx);
  const rows = await ctx.db.passkey.findMany({ where: { userId: ctx.actor.id }, orderBy: { id: "desc" } });
  return { items: rows.map(presentPasskey), nextCursor: null };
}
