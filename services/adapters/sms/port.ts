/** A text message. `to` is in E.164. */
export type Sms = { readonly to: string; readonly text: string; readonly code?: string };

/** Sends text messages. */
export type SmsPort = {
  /** @throws AppError `sms_unavailable { retryAfterMs }`, or `phone_not_allowed` where the provider says so */
  send(sms: Sms): Promise<void>;
  /** Whether the provider took what it was given last; false after several failures in a row. */
  isWorking(): boolean;
};
