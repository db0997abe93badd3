/** A text message. `to` is in E.164. */
export type Sms = { readonly to: string; readonly text: string; readonly code?: string };

/** Sends text messages. */
export type SmsPort = {
  /** Sends a message. @throws AppError `sms_unavailable { retryAfterMs }`, `phone_not_allowed` if the provider rejects the number */
  send(sms: Sms): Promise<void>;
  /** Whether the provider accepted the last messages; false after several consecutive failures. */
  isWorking(): boolean;
};
