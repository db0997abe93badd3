type SwitchProps = { label: string; hint?: string; isOn: boolean; onChange: (isOn: boolean) => void };

/** Renders a setting that is on or off. */
export const Switch = ({ label, hint, isOn, onChange }: SwitchProps) => (
  <label class="setting setting-switch">
    <span>
      {label}
      {hint && <small>{hint}</small>}
    </span>
    <input
      type="checkbox"
      class="toggle"
      role="switch"
      aria-checked={isOn}
      checked={isOn}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  </label>
);
