import { beforeEach, describe, expect, it, vi } from "vitest";
import { startWriting, writing } from "../../public/src/features/composer/composer-state.ts";
import { draftOf, keepDraft, namedIn, recordMention } from "../../public/src/features/composer/drafts.ts";
import { hasUnsent } from "../../public/src/features/composer/unsent.ts";
import { lastUsed, recordUse } from "../../public/src/features/message/overlay/recent-emoji.ts";
import { changeReading, readings } from "../../public/src/features/unread/unread.ts";
import { browserData, handOver, keepOnly, onOwnerChange, recall, remember } from "../../public/src/storage.ts";
import { readText, sourceFiles } from "../house/sources.ts";

/** Implements the part of the Storage interface that the page uses; the keys are the object's own properties. */
class MemoryStorage {
  [key: string]: unknown;
  getItem = (key: string): string | null => (typeof this[key] === "string" ? this[key] : null);
  setItem = (key: string, value: string): void => {
    this[key] = value;
  };
  removeItem = (key: string): void => {
    delete this[key];
  };
}

let storage: MemoryStorage;

const keys = (): string[] => Object.keys(storage).filter((key) => typeof storage[key] === "string");

beforeEach(() => {
  keepOnly(null);
  storage = new MemoryStorage();
  vi.stubGlobal("localStorage", storage);
});

describe("browser storage", () => {
  it("is written only by the module that declares every key and its owner, and by the outbox store", () => {
    const direct = sourceFiles()
      .filter((path) => path.startsWith("public/src/"))
      .filter((path) => /\b(localStorage|sessionStorage|indexedDB|openDB|caches)\b(?=[.(<])|document\.cookie/.test(readText(path)));
    expect(direct.sort()).toEqual(["public/src/features/composer/outbox-store.ts", "public/src/storage.ts"]);
    for (const { owner, holds } of Object.values(browserData))
      expect([["device", "person"].includes(owner), holds]).toEqual([true, expect.any(String)]);
  });

  it("is separate for each user: the next user sees none of it, and none of it remains", () => {
    keepOnly("ann");
    keepDraft("room", "about Ben");
    recordMention("room", "@Ben", "ben");
    recordUse("🦊");
    remember("settings", { theme: "dark" });
    expect([draftOf("room"), namedIn("room"), lastUsed.value.includes("🦊"), hasUnsent()]).toEqual([
      "about Ben",
      { "@Ben": "ben" },
      true,
      true,
    ]);
    keepOnly("ben");
    expect([draftOf("room"), namedIn("room"), lastUsed.value.includes("🦊"), hasUnsent()]).toEqual(["", {}, false, false]);
    expect(keys()).toEqual(["settings"]);
    expect(recall("settings", {})).toEqual({ theme: "dark" });
  });

  it("is cleared on sign-out, including unowned keys of earlier versions", () => {
    Object.assign(storage, { "draft:room": '"old"', "draft:room:named": "{}", "export:ann": '"id"', emoji: "[]", hadSession: "true" });
    keepOnly("ann");
    keepDraft("room", "about Ben");
    keepOnly(null);
    keepDraft("room", "by nobody");
    expect([keys(), draftOf("room")]).toEqual([["hadSession"], ""]);
  });

  it("is kept when a session is renewed or upgraded", () => {
    keepOnly("ann");
    keepDraft("room", "half a thought");
    keepOnly("ann");
    expect(draftOf("room")).toBe("half a thought");
  });

  it("moves from a guest to the account they sign in to, where the account has no data of its own", () => {
    keepOnly("guest");
    for (const room of ["one", "two"]) keepDraft(room, `the guest's in ${room}`);
    storage.setItem("person:ann:draft:two", '"Ann\'s"');
    handOver("guest", "ann");
    keepOnly("ann");
    expect([draftOf("one"), draftOf("two"), keys().length]).toEqual(["the guest's in one", "Ann's", 2]);
  });

  it("ignores drafts that are not text", () => {
    keepOnly("ann");
    for (const value of ["{broken", "[1]", "null"]) {
      storage.setItem("person:ann:draft:room", value);
      expect(draftOf("room")).toBe("");
    }
  });

  it("resets the state in memory with the owner: read positions, replies and drafts", () => {
    keepOnly("ann");
    let changes = 0;
    const stop = onOwnerChange(() => {
      changes += 1;
    });
    changeReading("room", { unreadCount: 3 });
    startWriting("room", null);
    keepOnly("ann");
    expect([changes, readings.value.size, writing.value.size]).toEqual([0, 1, 1]);
    keepOnly("ben");
    expect([changes, readings.value.size, writing.value.size]).toEqual([1, 0, 0]);
    stop();
  });
});
