import { Prisma } from "../prisma/generated/client.ts";

/** Whether a Prisma call failed because a unique index already holds the value (P2002). */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
