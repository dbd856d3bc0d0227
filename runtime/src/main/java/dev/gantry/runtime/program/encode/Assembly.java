package dev.gantry.runtime.program.encode;

import dev.gantry.runtime.program.Section;
import java.util.Arrays;

/// Code while it is made: bytes of both sections, where the labels are, and which branches wait for their distance.
final class Assembly {
    private static final int UNPLACED = -1;

    private final Code launch = new Code(16 * 1024);
    private final Code resident = new Code(1024);
    private Code current = launch;
    private Code[] labelCode;
    private int[] labelOffsets;
    private int labels;
    private Branch[] branches = new Branch[256];
    private int branchCount;

    /// A branch instruction whose target may not be placed yet.
    private record Branch(Code code, int at, int label) {}

    Assembly(int labels) {
        this.labels = labels;
        this.labelOffsets = new int[labels + 16];
        this.labelCode = new Code[labels + 16];
        Arrays.fill(labelOffsets, UNPLACED);
    }

    Code launch() {
        return launch;
    }

    Code resident() {
        return resident;
    }

    /// Where instructions go now.
    Code current() {
        return current;
    }

    void enter(Section section) {
        current = switch (section) {
            case LAUNCH -> launch;
            case RESIDENT -> resident;
        };
    }

    int newLabel() {
        if (labels == labelOffsets.length) {
            labelOffsets = Arrays.copyOf(labelOffsets, labels * 2);
            labelCode = Arrays.copyOf(labelCode, labels * 2);
            Arrays.fill(labelOffsets, labels, labels * 2, UNPLACED);
        }
        return labels++;
    }

    void place(int label) {
        labelOffsets[label] = current.size();
        labelCode[label] = current;
    }

    /// Notes that the branch instruction at an offset of the current code goes to a label.
    void branchesTo(int at, int label) {
        if (branchCount == branches.length) {
            branches = Arrays.copyOf(branches, branchCount * 2);
        }
        branches[branchCount++] = new Branch(current, at, label);
    }

    /// Gives every branch its distance, now that the addresses of both sections are known.
    void resolve(Encoder encoder, int launchAddress, int residentAddress) {
        for (int i = 0; i < branchCount; i++) {
            Branch branch = branches[i];
            int offset = labelOffsets[branch.label];
            if (offset == UNPLACED) {
                throw new IllegalStateException("label " + branch.label + " is never placed");
            }
            int from = base(branch.code, launchAddress, residentAddress) + branch.at;
            int to = base(labelCode[branch.label], launchAddress, residentAddress) + offset;
            encoder.setDistance(branch.code, branch.at, to - from);
        }
    }

    private int base(Code code, int launchAddress, int residentAddress) {
        return code == launch ? launchAddress : residentAddress;
    }
}
