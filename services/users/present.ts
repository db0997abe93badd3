import type { AuthorDto, ProfileDto, UserDto } from "../../utils/contract/schemas/users.ts";

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

type WithProfile = Person & Pick<ProfileDto, "bio" | "pronouns"> & { readonly learning: readonly string[] };

/** Somebody's public fields, with what they tell of themselves. */
export const presentProfile = (person: WithProfile): ProfileDto => ({
  ...presentUser(person),
  bio: person.bio,
  pronouns: person.pronouns,
  learning: [...person.learning],
});

/** What a message's head or a list of people shows of somebody. */
export const presentAuthor = ({ id, displayName, avatarUrl, kind, role }: AuthorDto): AuthorDto => ({
  id,
  displayName,
  avatarUrl,
  kind,
  role,
});
