let audio: AudioContext | null = null;

/** One short tone a scan, so that the eyes stay on the cards: high for right, low and twice for everything else. No sound is no failure. */
export function soundCue(isRight: boolean): void {
  try {
    audio ??= new AudioContext();
    const tones = isRight
      ? [[1200, 0]]
      : [
          [220, 0],
          [180, 0.16],
        ];
    for (const [frequency = 440, afterS = 0] of tones) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = frequency;
      volume.gain.value = 0.08;
      tone.connect(volume).connect(audio.destination);
      tone.start(audio.currentTime + afterS);
      tone.stop(audio.currentTime + afterS + (isRight ? 0.06 : 0.13));
    }
  } catch {
    // A machine without sound: the line on the screen says the same.
  }
}
