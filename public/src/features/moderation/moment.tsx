import { aheadOf, exactTime, formatTime } from "../../locales/index.ts";

type MomentProps = { at: string; look?: string };

/** Shows a date and time; pointing at it shows the exact one. */
export const Moment = ({ at, look }: MomentProps) => (
  <time class={look} dateTime={at} title={exactTime(new Date(at))}>
    {formatTime(new Date(at))}
  </time>
);

/** Shows how long ago something was; pointing at it shows the exact time. */
export const Ago = ({ at }: Pick<MomentProps, "at">) => (
  <time dateTime={at} title={exactTime(new Date(at))}>
    {aheadOf(new Date(at))}
  </time>
);
