import { describe, expect, it } from "vitest";
import { siteOf } from "../../utils/origin.ts";

describe("the public address of the page", () => {
  it("is PUBLIC_URL, regardless of the request", () => {
    const headers = { host: "evil.example", origin: "https://evil.example" };
    expect(siteOf({ publicUrl: "https://chat.example" }, headers)).toBe("https://chat.example");
  });

  it("is otherwise the address of the request, with https only if the Origin header says so for the same host", () => {
    expect(siteOf({}, { host: "localhost:3001" })).toBe("http://localhost:3001");
    expect(siteOf({}, { host: "localhost:3001", origin: "http://localhost:3001" })).toBe("http://localhost:3001");
    expect(siteOf({}, { host: "chat.example", origin: "https://chat.example" })).toBe("https://chat.example");
    expect(siteOf({}, { host: "chat.example", origin: "https://evil.example" })).toBe("http://chat.example");
  });
});
