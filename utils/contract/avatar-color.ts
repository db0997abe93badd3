import { hashOf } from "./text/hash.ts";

/** How many colors avatars have: 12 hues in two tones. */
export const AVATAR_COLORS = 24;

/**
 * Returns the color of a user's avatar, from 0 to `AVATAR_COLORS` - 1. It depends only on the id, so that a user has the same color
 * everywhere.
 */
export const avatarColorOf = (id: string): number => hashOf(id) % AVATAR_COLORS;
