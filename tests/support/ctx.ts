import type { Ctx, OpenCtx, Services } from "../../services/context.ts";
import { newId } from "../../utils/ids.ts";
import type { Person } from "./factories.ts";

const ORIGIN = { address: "192.0.2.1", userAgent: "a test", site: "http://localhost:3001" };

/** Returns the context of a call by the given person. */
export const ctxOf = (services: Services, { actor }: Pick<Person, "actor">): Ctx => ({
  ...services,
  actor,
  requestId: newId(),
  origin: ORIGIN,
});

/** Returns the context of an unauthenticated call. */
export const strangerCtx = (services: Services): OpenCtx => ({ ...services, actor: null, requestId: newId(), origin: ORIGIN });
