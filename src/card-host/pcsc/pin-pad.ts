import type { NativeLink, NativeReader } from './native-link.ts';

const verifyPinDirect = 6;
const probeMs = 2_000;

/** Whether the reader takes PINs on keys of its own (FEATURE_VERIFY_PIN_DIRECT). A reader that does not say is one without; never throws. */
export async function probePinPad(link: NativeLink, reader: NativeReader): Promise<boolean> {
  try {
    const card = await within(reader.connect(link.SCARD_SHARE_DIRECT, 0));
    try {
      const answer = await within(card.control(link.CM_IOCTL_GET_FEATURE_REQUEST));
      return link.parseFeatures(answer).has(verifyPinDirect);
    } finally {
      card.disconnect(link.SCARD_LEAVE_CARD);
    }
  } catch {
    return false;
  }
}

async function within<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the reader does not say')), probeMs);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
