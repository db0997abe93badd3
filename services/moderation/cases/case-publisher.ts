import { LRUCache } from "lru-cache";
import type pg from "pg";
import type { Logger } from "winston";
import type { Clock } from "../../../utils/clock.ts";
import type { Publisher } from "../../realtime/publisher.ts";
import { isShownTo, type Viewer } from "./case-policy.ts";
import { CASE_COLUMNS, CASE_JOINED, type CaseRow, presentCase, readCase } from "./present-case.ts";
import type { StaffCache } from "./staff-cache.ts";

/** Publishes cases to the staff who may see them and are connected to this node. */
export type CasePublisher = {
  /** Publishes the current state of a case. If this fails, `poll` or the next reading of the list shows it. */
  publishChanged(caseId: string): Promise<void>;
  /** Publishes the changes of other nodes. To be called every second. */
  poll(): Promise<void>;
};

/** Changes of the last seconds, which is more than the interval of the polls: clocks of nodes differ. */
const RECENT = `
  SELECT ${CASE_COLUMNS} FROM ${CASE_JOINED} WHERE c.updated_at > now() - interval '10 s' ORDER BY c.updated_at LIMIT 200`;

/** How many published versions are remembered. */
const REMEMBERED = 2_000;

type Options = {
  readonly pool: pg.Pool;
  readonly reservedPool: pg.Pool;
  readonly now: Clock;
  readonly publish: Publisher;
  readonly logger: Logger;
  readonly staff: StaffCache;
  readonly isConnected: (userId: string) => boolean;
};

/** Creates the publisher of one node. Each version of a case is published once. */
export function createCasePublisher({ pool, reservedPool, now, publish, logger, staff, isConnected }: Options): CasePublisher {
  const versions = new LRUCache<string, number>({ max: REMEMBERED });

  function publishRow(row: CaseRow, viewers: readonly Viewer[]): void {
    if ((versions.get(row.id) ?? 0) >= row.version) return;
    versions.set(row.id, row.version);
    const recipients = viewers.filter((viewer) => isShownTo(viewer, row)).map(({ id }) => id);
    publish.caseChanged(recipients, { case: presentCase(row, now()) });
  }

  const connectedStaff = async (): Promise<Viewer[]> => (await staff()).filter(({ id }) => isConnected(id));

  return {
    async publishChanged(caseId) {
      try {
        const viewers = await connectedStaff();
        const row = viewers.length === 0 ? undefined : await readCase(pool, caseId);
        if (row !== undefined) publishRow(row, viewers);
      } catch (error) {
        logger.warn("could not publish a case", { error });
      }
    },
    async poll() {
      const viewers = await connectedStaff();
      if (viewers.length === 0) return;
      const { rows } = await reservedPool.query<CaseRow>({ name: "cases-recent", text: RECENT });
      for (const row of rows) publishRow(row, viewers);
    },
  };
}
