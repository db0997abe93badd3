import { z } from "zod";

/** A setting that holds a comma-separated list. Spaces and empty items are dropped. */
export const listSetting = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean),
);
