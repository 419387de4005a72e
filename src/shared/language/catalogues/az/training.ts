/** The training menu. Its keys are no names of fault switches: the words ship, the switches do not. */
export const training = {
  title: 'Təlim menyusu',
  faults: 'Nasazlıqlar',
  unplug: 'Mərkəzi reyestrlə əlaqəni kəs',
  outages: 'Cavab verməyən sistemlər',
  activationsThatFail: 'Uğursuz aktivləşdirmələrin sayı',
  answersThatGetLost: 'İtən cavabların sayı',
  expired: 'Vaxtı keçmiş TLS sertifikatı göstər',
  failStatus: 'Səhv cavabın kodu',
  failTimes: 'Səhv cavabların sayı',
  latencyMs: 'Gecikmə, ms',
  cast: 'Məşq üçün şəxslər',
  who: 'Kim',
  read: 'Oxucu kimi',
  readDocument: 'Sənədi oxut',
  readSim: 'SİM-i oxut',
} as const;
