package dev.gantry.cli.format;

import java.math.BigInteger;
import java.util.Comparator;

/// Texts in the order in which people count: `v2` before `v10`.
public final class NaturalOrder implements Comparator<String> {
    /// The one instance.
    public static final NaturalOrder INSTANCE = new NaturalOrder();

    private NaturalOrder() {}

    @Override
    public int compare(String left, String right) {
        int i = 0;
        int j = 0;
        while (i < left.length() && j < right.length()) {
            int iEnd = endOfDigits(left, i);
            int jEnd = endOfDigits(right, j);
            int order;
            if (iEnd > i && jEnd > j) {
                order = new BigInteger(left.substring(i, iEnd)).compareTo(new BigInteger(right.substring(j, jEnd)));
            } else {
                order = Character.compare(left.charAt(i), right.charAt(j));
                iEnd = i + 1;
                jEnd = j + 1;
            }
            if (order != 0) {
                return order;
            }
            i = iEnd;
            j = jEnd;
        }
        int rest = Integer.compare(left.length() - i, right.length() - j);
        return rest == 0 ? left.compareTo(right) : rest;
    }

    private static int endOfDigits(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }
}
