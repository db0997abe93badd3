import type { Prisma } from "../../prisma/generated/client.ts";
import type { MeDto } from "../../utils/contract/schemas/auth.ts";
import type { UpdateMeInput } from "../../utils/contract/schemas/users.ts";
import { withoutUndefined } from "../../utils/contract/without-undefined.ts";
import { AppError } from "../../utils/errors.ts";
import { auditRow } from "../audit/record.ts";
import { invalidateActor } from "../auth/sessions/invalidate-actor.ts";
import { authorize } from "../authorize.ts";
import type { Call, Ctx } from "../context.ts";
import { applyInvisibility } from "../presence/apply-invisibility.ts";
import { isActiveUser, lockUser } from "../users/lock-user.ts";
import { skeletonOf } from "../users/names/confusables.ts";
import { validateMemberName } from "../users/names/validate-member-name.ts";
import { presentAuthor } from "../users/present.ts";
import { readBio, readPronouns } from "../users/profile-rules.ts";
import { publishUser } from "../users/publish-user.ts";
import { getMe } from "./get-me.ts";
import { mayEditProfile } from "./policy.ts";

/** Converts a given field to its stored form; keeps `undefined` for an omitted field. */
const given = <Value, Stored>(value: Value | undefined, read: (value: Value) => Stored): Stored | undefined =>
  value === undefined ? undefined : read(value);

const orNull =
  (read: (raw: string) => string | null) =>
  (raw: string | null): string | null =>
    raw === null ? null : read(raw);

const once = (codes: readonly string[]): string[] => [...new Set(codes)];

/** Validates the input and returns the columns to change. */
async function changesOf({ db, actor }: Ctx<"db">, { displayName, ...input }: UpdateMeInput) {
  const name = displayName === undefined ? undefined : await validateMemberName(db, { wanted: displayName, userId: actor.id });
  return withoutUndefined({
    displayName: name,
    nameSkeleton: given(name, skeletonOf),
    languages: given(input.languages, once),
    learning: given(input.learning, once),
    bio: given(input.bio, orNull(readBio)),
    pronouns: given(input.pronouns, orNull(readPronouns)),
    whoMayWrite: input.privacy?.whoMayWrite,
    showsReceipts: input.privacy?.showsReceipts,
    isInvisible: input.privacy?.isInvisible,
  });
}

async function write(ctx: Call, tx: Prisma.TransactionClient, data: Awaited<ReturnType<typeof changesOf>>) {
  const { id, sessionId } = ctx.actor;
  await lockUser(tx, id);
  // A user being erased is no longer active: a request that started earlier must not write into the emptied row.
  const before = await tx.user.findFirst({ where: { id, ...isActiveUser } });
  if (before === null) throw new AppError("session_revoked");
  const fields = Object.keys(data).filter((name) => name !== "nameSkeleton");
  if (fields.length === 0) return { before, after: before };
  const event = { action: "profile_changed", subjectType: "user", subjectId: id, data: { fields, sessionId } } as const;
  await tx.auditEntry.create({ data: auditRow(ctx, event) });
  return { before, after: await tx.user.update({ where: { id }, data }) };
}

/**
 * Changes the caller's profile and privacy settings; omitted fields stay unchanged. Publishes a new display name to everyone who can see
 * the user.
 * @throws AppError `account_required` for guests, `name_taken { field, suggestions }`, `text_too_long { max, path }`, `invalid_input`
 */
export async function updateMe(
  ctx: Ctx<"db" | "pool" | "now" | "sessions" | "events" | "presence" | "typing" | "joinLeaveBatcher" | "vault">,
  input: UpdateMeInput,
): Promise<MeDto> {
  authorize(mayEditProfile(ctx.actor));
  const data = await changesOf(ctx, input);
  const { before, after } = await ctx.db.$transaction((tx) => write(ctx, tx, data));
  await invalidateActor(ctx, after.id);
  if (after.isInvisible !== before.isInvisible) applyInvisibility(ctx, presentAuthor(after), { isInvisible: after.isInvisible });
  if (after.displayName !== before.displayName) await publishUser(ctx, presentAuthor(after));
  return getMe({ ...ctx, actor: await ctx.sessions.actorOf(ctx.actor.sessionId) });
}
