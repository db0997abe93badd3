import { describe, expect, it } from "vitest";
import { createDomainEvents } from "../../services/domain-events.ts";

const batch = { roomId: "a room", fromSeq: 1, toSeq: 1, messages: [] };

describe("domain events", () => {
  it("call the subscribers of the event with its payload, in the order in which they subscribed", () => {
    const received: string[] = [];
    const events = createDomainEvents(() => undefined);
    events.subscribe("roomChanged", ({ roomId }) => received.push(`first ${roomId}`));
    events.subscribe("roomChanged", ({ toSeq }) => received.push(`second ${toSeq}`));
    events.subscribe("notificationsCreated", () => received.push("of another event"));
    events.publish("roomChanged", batch);
    expect(received).toEqual(["first a room", "second 1"]);
  });

  it("report a subscriber that throws, and still call the others", () => {
    const failure = new Error("the subscriber failed");
    const errors: unknown[] = [];
    const received: number[] = [];
    const events = createDomainEvents((name, error) => errors.push([name, error]));
    events.subscribe("roomChanged", () => {
      throw failure;
    });
    events.subscribe("roomChanged", ({ toSeq }) => received.push(toSeq));
    events.publish("roomChanged", batch);
    expect(errors).toEqual([["roomChanged", failure]]);
    expect(received).toEqual([1]);
  });
});
