package dev.gantry.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Lets contenders do the same thing in turns: a warm-up each, then rounds in which every one runs once.
record Race(String title, int warmUp, int rounds) {
    List<Samples> run(List<Contender> contenders) throws IOException {
        for (int i = 0; i < warmUp; i++) {
            for (Contender contender : contenders) {
                contender.once();
            }
        }
        List<List<Long>> times = new ArrayList<>();
        contenders.forEach(_ -> times.add(new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                times.get(i).add(contenders.get(i).once());
            }
        }
        List<Samples> samples = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            samples.add(new Samples(contenders.get(i).name(), times.get(i)));
        }
        return samples;
    }
}
