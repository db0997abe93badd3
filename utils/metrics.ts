import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

export type Metrics = ReturnType<typeof createMetrics>;

/** Creates the metrics of one server in a registry of its own, so that several servers can run in one process. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    httpSeconds: new Histogram({
      name: "http_request_seconds",
      help: "Duration of REST calls in seconds",
      labelNames: ["method", "status"],
      buckets: SECONDS,
      registers,
    }),
    commandSeconds: new Histogram({
      name: "socket_command_seconds",
      help: "Duration of socket commands in seconds, until their ack",
      labelNames: ["command", "outcome"],
      buckets: SECONDS,
      registers,
    }),
    commandsWithoutAck: new Counter({
      name: "socket_commands_without_ack_total",
      help: "Number of socket commands that were not executed because they had no ack function",
      labelNames: ["command"],
      registers,
    }),
    commitSeconds: new Histogram({
      name: "message_writer_commit_seconds",
      help: "Duration of a group commit in seconds",
      buckets: SECONDS,
      registers,
    }),
    commitMessages: new Histogram({
      name: "message_writer_commit_messages",
      help: "Number of messages in a group commit",
      buckets: SIZES,
      registers,
    }),
    hookVerdicts: new Counter({
      name: "moderation_hook_verdicts_total",
      help: "Number of messages by the verdict of the outside classifier; failed and skipped ones got none",
      labelNames: ["outcome"],
      registers,
    }),
    delayedConversationEvents: new Counter({
      name: "conversation_events_delayed_total",
      help: "Number of conversation changes that are published late because their recipients could not be read",
      registers,
    }),
    sockets: new Gauge({ name: "sockets_open", help: "Number of open sockets on this node", registers }),
    connectionsClosed: new Counter({
      name: "connections_closed_total",
      help: "Number of connections closed and requests rejected because they exceeded a transport limit",
      labelNames: ["reason"],
      registers,
    }),
    jobRuns: new Counter({ name: "job_runs_total", help: "Number of job runs on this node", labelNames: ["job", "outcome"], registers }),
  };
}
