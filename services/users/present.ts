import type { AuthorDto, UserDto } from "../../utils/contract/users.ts";

type Person = Omit<UserDto, "createdAt" | "languages"> & { readonly languages: readonly string[]; readonly createdAt: Date };

/** Somebody's public fields. */
export const presentUser = ({ id, username, displayName, avatarUrl, kind, role, languages, createdAt }: Person): UserDto => ({
  id,
  username,
  displayName,
  avatarUrl,
  kind,
  role,
  languages: [...languages],
  createdAt: createdAt.toISOString(),
});

/** What a message's head or a list of people shows of somebody. */
export const presentAuthor = ({ id, displayName, avatarUrl, kind, role }: AuthorDto): AuthorDto => ({
  id,
  displayName,
  avatarUrl,
  kind,
  role,
});
