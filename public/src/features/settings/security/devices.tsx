import { MonitorSmartphone, Smartphone } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { DeviceDto } from "../../../../../utils/contract/schemas/auth.ts";
import { type ApiError, toApiError } from "../../../api.ts";
import { ta } from "../../../locales/account/index.ts";
import { aheadOf, exactTime, t } from "../../../locales/index.ts";
import { go } from "../../../shared/state/route.ts";
import { Trouble } from "../../../shared/ui/form.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { Skeleton } from "../../../shared/ui/skeleton.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { hasUnsent } from "../../composer/unsent.ts";
import { endAllDevices, endDevice, listDevices } from "../../session/my-account.ts";
import { clearSession } from "../../session/session.ts";
import { deviceNameOf, isHandheld } from "./device-name.ts";

/** Returns a readable device name. */
export function deviceTexts(userAgent: string | null): string {
  const name = deviceNameOf(userAgent);
  return name ? ta("deviceOn", name) : ta("unknownDevice");
}

const Ago = ({ moment, word }: { moment: string; word: "lastActive" | "signedInAt" }) => (
  <time dateTime={moment} title={exactTime(new Date(moment))}>
    {ta(word, { time: aheadOf(new Date(moment)) })}
  </time>
);

function Device({ device, onEnd }: { device: DeviceDto; onEnd: () => Promise<unknown> }) {
  const end = useAction(onEnd);
  const name = deviceTexts(device.userAgent);
  return (
    <li class="entry">
      <span class="entry-sign">
        <Icon icon={isHandheld(device.userAgent) ? Smartphone : MonitorSmartphone} size={20} />
      </span>
      <div class="entry-words">
        <p class="entry-title">
          {name} {device.isCurrent && <span class="mark mark-moderator">{ta("thisDevice")}</span>}
        </p>
        <p class="entry-details">
          <Ago moment={device.lastUsedAt} word="lastActive" />
          <Ago moment={device.createdAt} word="signedInAt" />
        </p>
        <Trouble refusal={end.refusal} />
      </div>
      {!device.isCurrent && (
        <button
          type="button"
          class="button button-quiet"
          aria-label={ta("endDeviceNamed", { device: name })}
          aria-disabled={end.isBusy}
          onClick={() => void end.act()}
        >
          {ta("endDevice")}
        </button>
      )}
    </li>
  );
}

function Everywhere() {
  const [isAsking, setAsking] = useState(false);
  const end = useAction(async () => {
    await endAllDevices();
    go("/");
    clearSession();
  });
  if (!isAsking)
    return (
      <button type="button" class="button button-quiet" onClick={() => setAsking(true)}>
        {ta("endEverywhere")}
      </button>
    );
  return (
    <fieldset class="asking" aria-label={ta("endEverywhere")}>
      <p>{ta("endEverywhereText")}</p>
      {hasUnsent() && <p>{t("signOutLoses")}</p>}
      <div class="form-actions form-danger">
        <button type="button" class="button button-main" aria-disabled={end.isBusy} autofocus onClick={() => void end.act()}>
          {ta("endEverywhere")}
        </button>
        <button type="button" class="button button-quiet" onClick={() => setAsking(false)}>
          {ta("cancel")}
        </button>
      </div>
      <Trouble refusal={end.refusal} />
    </fieldset>
  );
}

const byUse = (a: DeviceDto, b: DeviceDto): number =>
  Number(b.isCurrent) - Number(a.isCurrent) || Date.parse(b.lastUsedAt) - Date.parse(a.lastUsedAt);

/** Lists the devices where the user is signed in. */
export function Devices() {
  const [devices, setDevices] = useState<DeviceDto[] | ApiError | null>(null);
  const load = async (): Promise<void> => setDevices(await listDevices().then((page) => [...page.items].sort(byUse), toApiError));
  useEffect(() => void load(), []);
  if (devices === null) return <Skeleton lines={3} />;
  if (!Array.isArray(devices)) return <Trouble refusal={devices} />;
  return (
    <>
      <ul class="entries">
        {devices.map((device) => (
          <Device
            key={device.id}
            device={device}
            onEnd={async () => {
              await endDevice(device.id);
              await load();
            }}
          />
        ))}
      </ul>
      <Everywhere />
    </>
  );
}
