import { describe, expect, it } from "vitest";
import { newGuest, newMember, PASSWORD, type SignedInVisitor, said, signIn } from "../../../support/accounts.ts";
import { tableRows } from "../../../support/database/table-rows.ts";
import { appForFile } from "../../../support/for-file.ts";
import { bearer, Visitor } from "../../../support/page/visitor.ts";
import { connect } from "../../../support/sockets/sockets.ts";

const NEXT = "another long password";
const WRONG = "wrong horse battery";

const { app: node, database } = await appForFile();

const meOf = (auth: Record<string, string>) => new Visitor(node.url).call("/api/auth/me", { headers: auth });
const actionsOf = async (subjectId: string) =>
  (await database.db.auditEntry.findMany({ where: { subjectId, actorId: subjectId }, orderBy: { id: "asc" } })).map(({ action }) => action);

describe("changing the password", () => {
  const change = ({ visitor, auth }: SignedInVisitor, body: Record<string, unknown>) =>
    visitor.post("/api/auth/change-password", { currentPassword: PASSWORD, newPassword: NEXT, ...body }, auth);

  it("ends all other sessions and their sockets, and keeps this one", async () => {
    const member = await newMember(node);
    const other = await signIn(node, { identifier: member.username });
    const line = await connect(node.url, other.body.accessToken);
    expect((await change(member, {})).status).toBe(204);
    expect((await line.nextEvent("session_ended")).code).toBe("session_revoked");
    expect(await line.ended()).toBe("io server disconnect");
    expect(said(await meOf(bearer(other.body.accessToken)))).toEqual([401, "session_revoked"]);
    expect((await meOf(member.auth)).status).toBe(200);
    expect((await member.visitor.post("/api/auth/refresh")).status).toBe(200);
    expect(said(await signIn(node, { identifier: member.username }))).toEqual([401, "invalid_credentials"]);
    expect((await signIn(node, { identifier: member.username, password: NEXT })).status).toBe(200);
    expect(await actionsOf(member.id)).toContain("password_changed");
  });

  it("rejects a wrong current password or a weak new one, and changes nothing", async () => {
    const member = await newMember(node);
    const guest = await newGuest(node);
    const before = await tableRows(database);
    expect(said(await change(member, { currentPassword: WRONG }))).toEqual([401, "invalid_credentials"]);
    expect(said(await change(member, { newPassword: `${member.username}1` }))).toEqual([422, "password_weak"]);
    expect(said(await change({ ...member, ...guest }, {}))).toEqual([403, "account_required"]);
    expect(await tableRows(database)).toEqual(before);
    expect((await change(member, {})).status).toBe(204);
  });

  it("leaves no session to a concurrent sign-in with the old password", async () => {
    const member = await newMember(node);
    const [, ...signIns] = await Promise.all([
      change(member, {}),
      ...Array.from({ length: 6 }, () => signIn(node, { identifier: member.username })),
    ]);
    for (const answer of signIns)
      if (answer.status === 200) expect(said(await meOf(bearer(answer.body.accessToken)))).toEqual([401, "session_revoked"]);
    expect(await database.db.session.count({ where: { userId: member.id, endedAt: null } })).toBe(1);
  });
});
