import { Failure } from '../../src/core/failure.ts';
import type { Answer, MfaValues } from '../../src/core/ports.ts';
import { build } from '../aws/index.ts';
import { MfaLedger } from '../aws/mfa.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The devices of a scenario. */
export interface DeviceOptions {
  readonly count: number;
  readonly adjustmentSteps: number;
  readonly budget: number;
}

/** The emulator's verification of MFA codes, over a network with a random delay for each call. */
export class SimulatedSts {
  readonly serials: readonly string[];
  /** Every code that arrived, with the emulator's verdict. */
  readonly judged: { readonly at: number; readonly serial: string; readonly verdict: string }[] = [];
  readonly #ledger = new MfaLedger();
  readonly #user: Parameters<MfaLedger['verify']>[1];
  readonly #time: VirtualTime;
  readonly #random: () => number;

  constructor(time: VirtualTime, random: () => number, { count, adjustmentSteps, budget }: DeviceOptions) {
    this.#time = time;
    this.#random = random;
    const devices = Array.from({ length: count }, (_, index) =>
      build.device({
        serial: `arn:aws:iam::111122223333:mfa/ci-${index}`,
        seed: seedOfDevice(index),
        adjustmentSteps,
        budget,
      }),
    );
    this.serials = devices.map(({ serial }) => serial);
    this.#user = build.user({ name: 'ci', devices });
  }

  /** Sends a code. Both the request and the answer take a while. */
  async send({ serialNumber, tokenCode }: MfaValues): Promise<Answer<true>> {
    await this.#time.sleep(20 + this.#random() * 80);
    const { verdict } = this.#ledger.verify({}, this.#user, serialNumber, tokenCode, this.#time.now());
    this.judged.push({ at: this.#time.now(), serial: serialNumber, verdict });
    const serverTime = Math.floor(this.#time.now() / 1000) * 1000 + 500;
    await this.#time.sleep(20 + this.#random() * 80);
    if (verdict === 'accepted') return { ok: true, value: true, serverTime };
    const code = verdict === 'budget' || verdict === 'unknown-device' ? 'mfa-device-unknown' : 'mfa-code-refused';
    return { ok: false, failure: new Failure(code, { call: 'GetSessionToken', aws: verdict }), serverTime };
  }
}

/** A different seed for each device. */
export function seedOfDevice(index: number): string {
  return 'ABCDEFGH'.charAt(index).repeat(4).concat('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3T');
}
