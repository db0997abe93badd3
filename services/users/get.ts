import type { ProfileDto, UserParams } from "../../utils/contract/schemas/users.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { isActiveUser } from "./lock-user.ts";
import { presentProfile } from "./present.ts";

/**
 * Returns a user's profile.
 * @throws AppError `not_found` for an unknown or deleted user
 */
export async function getUser({ db }: Ctx<"db">, { userId }: UserParams): Promise<ProfileDto> {
  const user = await db.user.findFirst({ where: { id: userId, ...isActiveUser } });
  if (user === null) throw new AppError("not_found");
  return presentProfile(user);
}
