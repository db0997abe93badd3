import type { AuthorDto, ProfileDto, UserDto } from "../../utils/contract/schemas/users.ts";

type Person = Omit<UserDto, "createdAt" | "languages"> & { readonly languages: readonly string[]; readonly createdAt: Date };

/** Returns a user's public fields. */
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

type WithProfile = Person & Pick<ProfileDto, "bio" | "pronouns"> & { readonly learning: readonly string[] };

/** Returns a user's public fields and profile texts. */
export const presentProfile = (person: WithProfile): ProfileDto => ({
  ...presentUser(person),
  bio: person.bio,
  pronouns: person.pronouns,
  learning: [...person.learning],
});

/** Returns the fields of a user that message headers and user lists show. */
export const presentAuthor = ({ id, displayName, avatarUrl, kind, role }: AuthorDto): AuthorDto => ({
  id,
  displayName,
  avatarUrl,
  kind,
  role,
});
