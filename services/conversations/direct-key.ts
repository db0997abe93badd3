/** Returns the unique key of a direct conversation: the ids of its two members, the smaller one first. */
export const directKey = (one: string, other: string): string => [one, other].sort().join(":");
