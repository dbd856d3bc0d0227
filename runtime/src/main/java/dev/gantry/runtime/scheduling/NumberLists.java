package dev.gantry.runtime.scheduling;

import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.launch.SchedulingPlan.Mask;
import java.util.Arrays;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// CPUs and nodes as lists, cpuset(7): `0-3,7`.
final class NumberLists {
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");
    /// More than any kernel is configured for.
    private static final int MOST = 8192;

    private NumberLists() {}

    static Mask parse(String item, String text) throws RefusedException {
        BitSet set = new BitSet();
        for (String part : text.strip().split(",", -1)) {
            Matcher range = RANGE.matcher(part.strip());
            int first = range.matches() ? Integer.parseInt(range.group(1)) : MOST;
            int last = range.matches() && range.group(2) != null ? Integer.parseInt(range.group(2)) : first;
            if (last < first || last >= MOST) {
                throw new RefusedException(item, item + ": list \"" + text + "\" is malformed");
            }
            set.set(first, last + 1);
        }
        byte[] bits = set.toByteArray();
        int words = (bits.length + Long.BYTES - 1) / Long.BYTES;
        return new Mask(text.strip(), Arrays.copyOf(bits, words * Long.BYTES));
    }
}
