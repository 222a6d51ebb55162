import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Validates PDF files with veraPDF: `Validate ua1|3a FILE ...`, any number of such pairs, because
 * the virtual machine is slow to get warm. One line per pair: "PASS FILE 1234"
 * (checks made) or "FAIL FILE 1234" and, under it, one line per broken rule. Exit code 0 either
 * way; anything else means that the validator itself did not run.
 */
public final class Validate {
    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        for (int index = 0; index < arguments.length; index += 2) {
            PDFAFlavour flavour = PDFAFlavour.byFlavourId(arguments[index]);
            if (flavour == PDFAFlavour.NO_FLAVOUR) {
                throw new IllegalArgumentException("No such flavour: " + arguments[index]);
            }
            validate(flavour, arguments[index + 1]);
        }
    }

    private static void validate(PDFAFlavour flavour, String file) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour);
                PDFAValidator validator =
                        Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            String verdict = result.isCompliant() ? "PASS" : "FAIL";
            System.out.println(verdict + " " + file + " " + result.getTotalAssertions());
            List<String> seen = new ArrayList<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                String rule = assertion.getRuleId().getClause() + "-t"
                        + assertion.getRuleId().getTestNumber();
                if (assertion.getStatus() == TestAssertion.Status.FAILED && !seen.contains(rule)) {
                    seen.add(rule);
                    System.out.println("  " + rule + " " + assertion.getMessage());
                }
            }
        }
    }
}
