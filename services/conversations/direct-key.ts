/** What is unique to a direct conversation: the ids of its two people, the smaller one first. */
export const directKey = (one: string, other: string): string => [one, other].sort().join(":");
