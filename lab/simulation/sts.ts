import { Failure } from '../../src/core/failure.ts';
import type { Answer, MfaValues } from '../../src/core/ports.ts';
import { build } from '../aws/index.ts';
import { MfaLedger } from '../aws/mfa.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What the devices of a scenario are like. */
export interface DeviceSetting {
  readonly count: number;
  readonly adjustmentSteps: number;
  readonly budget: number;
}

/** The emulator's own judge of MFA codes, behind a network whose delay is drawn for each call. */
export class SimulatedSts {
  readonly serials: readonly string[];
  /** Every code that arrived, as the emulator judged it. */
  readonly judged: { readonly at: number; readonly serial: string; readonly verdict: string }[] = [];
  readonly #ledger = new MfaLedger();
  readonly #user: Parameters<MfaLedger['verify']>[0];
  readonly #time: VirtualTime;
  readonly #random: () => number;

  constructor(time: VirtualTime, random: () => number, { count, adjustmentSteps, budget }: DeviceSetting) {
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

  /** Sends a code: it arrives after a while, is judged then, and its answer takes a while as well. */
  async send({ serialNumber, tokenCode }: MfaValues): Promise<Answer<true>> {
    await this.#time.sleep(20 + this.#random() * 80);
    const { verdict } = this.#ledger.verify(this.#user, serialNumber, tokenCode, this.#time.now());
    this.judged.push({ at: this.#time.now(), serial: serialNumber, verdict });
    const serverTime = Math.floor(this.#time.now() / 1000) * 1000 + 500;
    await this.#time.sleep(20 + this.#random() * 80);
    if (verdict === 'accepted') return { ok: true, value: true, serverTime };
    const code = verdict === 'budget' || verdict === 'unknown-device' ? 'mfa-device-unknown' : 'mfa-code-refused';
    return { ok: false, failure: new Failure(code, { call: 'GetSessionToken', aws: verdict }), serverTime };
  }
}

/** A seed of its own for each device of a scenario. */
export function seedOfDevice(index: number): string {
  return 'ABCDEFGH'.charAt(index).repeat(4).concat('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3T');
}
