import { createSecretKey } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openVault } from "../../../services/vault/open.ts";
import { createVault } from "../../../services/vault/vault.ts";
import { type TestDatabase, testDatabase } from "../../support/database/db.ts";

const NEW = "n3Vq8sLw0yTz5KcR1uXb7HgJ4mPd9FaE";
const OLD = "o2iQ6tWvn3Vq8sLw0yTz5KcR1uXb7HgJ";
const OTHER = "x9FaEo2iQ6tWvn3Vq8sLw0yTz5KcR1uX";
const index = createSecretKey(Buffer.alloc(32, 7));
const place = { table: "contacts", field: "sealed", id: "01890a5d-ac96-774b-bcce-b302099a8057" };
const vault = createVault({ current: NEW }, index);

describe("a sealed value", () => {
  it("opens in the place where it was sealed, with any content", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(vault.open(place, vault.seal(place, text))).toBe(text);
      }),
    );
  });

  it("differs each time, and does not reveal the content", () => {
    const one = vault.seal(place, "+4915123456789");
    const two = vault.seal(place, "+4915123456789");
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(false);
    expect(Buffer.from(one).includes("4915123456789")).toBe(false);
  });

  it.each([{ table: "users" }, { field: "other" }, { id: "01890a5d-ac96-774b-bcce-b302099a8058" }])(
    "opens in no other place (%o)",
    (other) => {
      const sealed = vault.seal(place, "secret");
      expect(() => vault.open({ ...place, ...other }, sealed)).toThrow();
      expect(vault.open(place, sealed)).toBe("secret");
    },
  );

  it("with one changed byte, or truncated, is rejected", () => {
    const sealed = vault.seal(place, "secret");
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => vault.open(place, changed), `byte ${at}`).toThrow();
    }
    for (let length = 0; length < sealed.length; length++) expect(() => vault.open(place, sealed.subarray(0, length))).toThrow();
  });

  it("opens with its own key, including as the previous one, and with no other; the error contains no value", () => {
    const sealed = createVault({ current: OLD }, index).seal(place, "secret");
    const changing = createVault({ current: NEW, previous: OLD }, index);
    expect([changing.open(place, sealed), changing.isCurrent(sealed)]).toEqual(["secret", false]);
    expect(changing.isCurrent(changing.seal(place, "secret"))).toBe(true);
    expect(() => vault.open(place, sealed)).toThrow("A value of contacts.sealed was encrypted with an unknown data key.");
    expect(() => createVault({ current: OTHER, previous: NEW }, index).open(place, sealed)).toThrow();
  });
});

describe("a blind index", () => {
  it("is the same for the same text and kind under any data key, and differs otherwise", () => {
    const hex = (of: typeof vault, kind: string, text: string): string => Buffer.from(of.blindIndex(kind, text)).toString("hex");
    expect(hex(vault, "phone", "+491")).toBe(hex(createVault({ current: OTHER }, index), "phone", "+491"));
    const all = [hex(vault, "phone", "+491"), hex(vault, "email", "+491"), hex(vault, "phone", "+492")];
    const elsewhere = createVault({ current: NEW }, createSecretKey(Buffer.alloc(32, 8)));
    expect(new Set([...all, hex(elsewhere, "phone", "+491")]).size).toBe(4);
  });
});

describe("the vault of an installation", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  it("is the same for all nodes, including those that start at once, and opens with no other key", async () => {
    const vaults = await Promise.all(Array.from({ length: 4 }, () => openVault(database.pool, { current: NEW })));
    expect(new Set(vaults.map((one) => Buffer.from(one.blindIndex("phone", "+491")).toString("hex"))).size).toBe(1);
    await expect(openVault(database.pool, { current: OTHER })).rejects.toThrow("an unknown data key");
    const rotated = await openVault(database.pool, { current: OTHER, previous: NEW });
    expect(Buffer.from(rotated.blindIndex("phone", "+491"))).toEqual(Buffer.from(vaults[0]?.blindIndex("phone", "+491") ?? []));
  });
});
