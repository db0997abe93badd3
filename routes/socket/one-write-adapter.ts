import { Adapter } from "socket.io-adapter";

type Encode = (packet: unknown, options: { wsPreEncodedFrame?: Buffer[] }) => unknown;

/** The part of Socket.IO's adapter that encodes a broadcast once for all; it is not in its types. */
type Encoding = { _encode: Encode };

/**
 * The in-memory adapter with one difference: the frame that a broadcast gives to every socket is one piece instead of
 * head and body. A socket then takes one plain write where it took a gathered one, which is the greatest cost of a
 * message in a room.
 */
export class OneWriteAdapter extends Adapter {
  constructor(...args: ConstructorParameters<typeof Adapter>) {
    super(...args);
    const self = this as unknown as Encoding;
    const encode = self._encode.bind(this);
    self._encode = (packet, options) => {
      const encoded = encode(packet, options);
      if (options.wsPreEncodedFrame) options.wsPreEncodedFrame = [Buffer.concat(options.wsPreEncodedFrame)];
      return encoded;
    };
  }
}
