import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AppError } from "../../utils/errors.ts";
import { parse } from "../../utils/parse.ts";

const schema = z.strictObject({ name: z.string(), place: z.object({ floor: z.number().int() }).optional() });

const faultsOf = (input: unknown): unknown => {
  try {
    parse(schema, input);
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_input") return error.data.errors;
    throw error;
  }
  throw new Error("nothing was refused");
};

describe("parse", () => {
  it("returns the parsed value", () => {
    expect(parse(schema, { name: "Ann", place: { floor: 3 } })).toEqual({ name: "Ann", place: { floor: 3 } });
  });

  it("reports every error with its path", () => {
    expect(faultsOf({ name: 7, place: { floor: "three" } })).toMatchObject([{ path: "name" }, { path: "place.floor" }]);
  });

  it("names the unknown property", () => {
    expect(faultsOf({ name: "Ann", role: "admin" })).toMatchObject([{ path: "role" }]);
  });

  it.each([[undefined], [null], ["text"], [[]], [7]])("rejects %j where an object is expected", (input) => {
    expect(faultsOf(input)).toHaveLength(1);
  });

  it("does not let a property name reach the prototype", () => {
    expect(faultsOf(JSON.parse('{"name":"Ann","__proto__":{"role":"admin"}}'))).toMatchObject([{ path: "__proto__" }]);
  });
});
